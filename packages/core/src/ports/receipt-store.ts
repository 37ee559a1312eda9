/**
 * What the owner of a token has sent, for as long as it may be repeated or used: the keys of
 * requests, and uploads. The key of an upload is the hash of its bytes, and lets the token read them
 * before a message uses them. Receipts are neither exported nor copied to another store.
 */
export interface ReceiptStore {
  /**
   * Stores a receipt and returns it. If the token has one with this key, the fingerprint of that one
   * stays and is returned, with the later of both times. Receipts of every token that are older
   * than `keptSince` are removed first.
   */
  keep(receipt: Receipt, keptSince: Date): Promise<Receipt>;

  /** Undefined if the token has no receipt with this key. */
  find(tokenId: string, key: string): Promise<Receipt | undefined>;
}

export interface Receipt {
  tokenId: string;
  /** SHA-256 of a name of the request or the upload, as 64 hexadecimal digits in lower case. */
  key: string;
  /** SHA-256 of the content: a request with the same key and another fingerprint is another one. */
  fingerprint: string;
  at: Date;
}
