// Anthropic shrinks a picture to this edge and counts a token for 750 pixels, up to about 1,600.
// The tiles of OpenAI and Gemini count less for large pictures and as much for usual ones.
const MAX_EDGE = 1568;
const PIXELS_PER_TOKEN = 750;
const MAX_TOKENS = 1600;
const MIN_TOKENS = 85;

/** The approximate tokens of a picture at most providers; null if its size can't be read. */
export function imageTokens(bytes: Uint8Array): number | null {
  const size = sizeOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!size || size.width === 0 || size.height === 0) return null;
  const scale = Math.min(1, MAX_EDGE / Math.max(size.width, size.height));
  const pixels = size.width * scale * size.height * scale;
  return Math.min(MAX_TOKENS, Math.max(MIN_TOKENS, Math.ceil(pixels / PIXELS_PER_TOKEN)));
}

interface Size {
  width: number;
  height: number;
}

/** Read from the head of a PNG, GIF, WebP or JPEG. */
function sizeOf(image: Buffer): Size | null {
  try {
    if (image.readUInt32BE(0) === 0x89504e47) {
      return { width: image.readUInt32BE(16), height: image.readUInt32BE(20) };
    }
    const head = image.toString('latin1', 0, 16);
    if (head.startsWith('GIF8')) {
      return { width: image.readUInt16LE(6), height: image.readUInt16LE(8) };
    }
    if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return webpSize(image, head);
    return image.readUInt16BE(0) === 0xffd8 ? jpegSize(image) : null;
  } catch {
    // The data ends before the size.
    return null;
  }
}

function webpSize(image: Buffer, head: string): Size | null {
  switch (head.slice(12)) {
    case 'VP8X':
      return { width: image.readUIntLE(24, 3) + 1, height: image.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = image.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: image.readUInt16LE(26) & 0x3fff, height: image.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}

/** The first frame, after any number of segments. */
function jpegSize(image: Buffer): Size | null {
  for (let at = 2; image.readUInt8(at) === 0xff; at += 2 + image.readUInt16BE(at + 2)) {
    const marker = image.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: image.readUInt16BE(at + 5), width: image.readUInt16BE(at + 7) };
  }
  return null;
}
