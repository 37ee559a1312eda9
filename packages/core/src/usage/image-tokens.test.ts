import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { imageTokens } from './image-tokens.ts';

function png(width: number, height: number): Buffer {
  const image = Buffer.alloc(33);
  image.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  image.writeUInt32BE(width, 16);
  image.writeUInt32BE(height, 20);
  return image;
}

function gif(width: number, height: number): Buffer {
  const image = Buffer.from('GIF89a\0\0\0\0\0\0\0', 'latin1');
  image.writeUInt16LE(width, 6);
  image.writeUInt16LE(height, 8);
  return image;
}

function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, 0, 0, 0, 0, 3]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  // Behind a comment and a table, as cameras write them.
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 5, 1, 2, 3, 0xff, 0xc4, 0, 4, 0xff, 0xc0]),
    frame,
  ]);
}

function webp(kind: 'VP8X' | 'VP8L' | 'VP8 ', width: number, height: number): Buffer {
  const image = Buffer.alloc(30);
  image.write(`RIFF\0\0\0\0WEBP${kind}`, 'latin1');
  if (kind === 'VP8X') {
    image.writeUIntLE(width - 1, 24, 3);
    image.writeUIntLE(height - 1, 27, 3);
  } else if (kind === 'VP8L') {
    image.writeUInt32LE((width - 1) | ((height - 1) << 14), 21);
  } else {
    image.writeUInt16LE(width, 26);
    image.writeUInt16LE(height, 28);
  }
  return image;
}

describe('imageTokens', () => {
  it.each([
    ['a PNG', png],
    ['a GIF', gif],
    ['a JPEG', jpeg],
    ['a WebP with extensions', (w: number, h: number) => webp('VP8X', w, h)],
    ['a lossless WebP', (w: number, h: number) => webp('VP8L', w, h)],
    ['a lossy WebP', (w: number, h: number) => webp('VP8 ', w, h)],
  ])('uses the pixels of %s', (_, make) => {
    expect(imageTokens(make(900, 300))).toBe(360);
    expect(imageTokens(make(300, 900))).toBe(360);
    expect(imageTokens(make(16, 16))).toBe(85);
    expect(imageTokens(make(8000, 8000))).toBe(1600);
    // Shrunk to 1568 × 196.
    expect(imageTokens(make(8000, 1000))).toBe(410);
  });

  it('handles any bytes without failing', () => {
    expect(imageTokens(Buffer.from('<svg/>'))).toBeNull();
    expect(imageTokens(png(0, 7))).toBeNull();
    const heads = [png(9, 9), gif(9, 9), jpeg(9, 9), webp('VP8X', 9, 9)];
    const cut = fc
      .tuple(fc.constantFrom(...heads), fc.nat(40))
      .map(([head, at]) => head.subarray(0, at));
    fc.assert(
      fc.property(fc.oneof(cut, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        const tokens = imageTokens(bytes);
        expect(tokens === null || (tokens >= 85 && tokens <= 1600)).toBe(true);
      }),
    );
  });
});
