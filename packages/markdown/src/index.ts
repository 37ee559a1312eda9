export { firstLine, readEnd, readLine, startOfDocument, type ReaderState } from './block-reader.ts';
export { decodeEntities } from './entities.ts';
export { languageNeededBy, openingFence } from './fence.ts';
export { languageFrom, loadLanguage } from './languages.ts';
export { endsWithGap, markerOf } from './list-pieces.ts';
export type { Piece } from './piece.ts';
export { toPreview } from './preview.ts';
export type { BlockToken, InlineToken } from './tokens.ts';
