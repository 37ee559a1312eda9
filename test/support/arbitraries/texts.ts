import fc from 'fast-check';

/** Any UTF-16 at all: half emoji, NUL, byte order marks, non-characters. */
const utf16 = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom(0x0000, 0xd83d, 0xde00, 0xfeff, 0xffff, 0x200b, 0x85),
    ),
    { maxLength: 8 },
  )
  .map((units) => String.fromCharCode(...units));

export const anyText = fc.oneof(
  fc.lorem({ maxCount: 4 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', ' ', '\n\n', '\u0085', '\u001f', '\ud83d', '\ude00', '\ud83d\ude00'),
  utf16,
);
