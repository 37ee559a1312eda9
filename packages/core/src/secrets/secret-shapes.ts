/**
 * Keys that are recognisable by their shape, wherever they are. Each has a unique prefix, or is
 * long and regular enough not to match prose; if the prefix is short, at least one digit is
 * required.
 */
const shapes: readonly RegExp[] = [
  // Model providers
  /sk-(?=[A-Za-z_-]{0,100}\d)[A-Za-z0-9_-]{16,}/,
  /(?:gsk|xai|csk|tgp_v1|fw|pplx|hf|api_org|r8|nvapi|pcsk|lsv2_pt|lsv2_sk|jina)[_-](?=[A-Za-z_-]{0,100}\d)[A-Za-z0-9_-]{20,}/,
  // Amazon, Google, Azure and other clouds
  /(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/,
  /ABSK[A-Za-z0-9+/]{60,}={0,2}/,
  /AIza[A-Za-z0-9_-]{35}\b/,
  /ya29\.[A-Za-z0-9_-]{20,}/,
  /GOCSPX-[A-Za-z0-9_-]{20,}/,
  /1\/\/0[A-Za-z0-9_-]{30,}/,
  /[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/,
  /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b/,
  /LTAI[A-Za-z0-9]{16,24}\b/,
  /AKID[A-Za-z0-9]{32}\b/,
  /do[opr]_v1_[a-f0-9]{64}\b/,
  /HRKU-[A-Za-z0-9_-]{36,}/,
  /(?:fo1_|fm[12][ar]?_)[A-Za-z0-9+/=_-]{40,}/,
  /(?:nfp|rnd|napi|ddp|vcp|vci|vca|vck|vcr)_(?=[A-Za-z]{0,100}\d)[A-Za-z0-9]{24,}/,
  /pscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{32,}/,
  /sbp_[a-f0-9]{40}\b|sb_secret_[A-Za-z0-9_-]{20,}/,
  // Places for code, packages and builds
  /gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}/,
  /gl(?:pat|dt|rt|ptt|ft|soat|imt|agent|oas|cbt|ffct)-[A-Za-z0-9_.-]{20,}|GR1348941[A-Za-z0-9_-]{20}/,
  /npm_[A-Za-z0-9]{36}\b/,
  /pypi-Ag[A-Za-z0-9_-]{50,}/,
  /dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}/,
  /rubygems_[a-f0-9]{48}\b/,
  /cio[A-Za-z0-9]{32}\b/,
  /oy2[a-z0-9]{43}\b/,
  /CLOJARS_[a-z0-9]{60}\b/,
  /AKCp[A-Za-z0-9]{60,}/,
  /bkua_[a-f0-9]{40}\b|CCIPAT_[A-Za-z0-9]{20,}_[a-f0-9]{40}\b/,
  /sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}\b/,
  /[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}/,
  /(?:hv[sbr]\.[A-Za-z0-9_-]{24,}|s\.(?=[A-Za-z]{0,24}\d)[A-Za-z0-9]{24}\b)/,
  /pul-[a-f0-9]{40}\b/,
  /dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]+\.)?[A-Za-z0-9]{40,}/,
  /ops_eyJ[A-Za-z0-9_-]{50,}/,
  /AGE-SECRET-KEY-1[A-Z0-9]{58}\b/,
  /tskey-[a-z]+-[A-Za-z0-9]+-[A-Za-z0-9]{16,}/,
  /sha256~[A-Za-z0-9_-]{43}/,
  // Work, chat and mail
  /xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{20,}/,
  /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9/]{20,}/,
  /(?<=discord(?:app)?\.com\/api\/webhooks\/\d{10,25}\/)[A-Za-z0-9_-]{40,}/,
  /[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}/,
  /\d{8,10}:AA[A-Za-z0-9_-]{33}\b/,
  /AT(?:ATT|CTT|STT)3[A-Za-z0-9_=-]{24,}|ATBB[A-Za-z0-9]{32}\b/,
  /lin_(?:api|oauth)_[A-Za-z0-9]{32,}/,
  /(?:ntn|secret)_(?=[A-Za-z]{0,43}\d)[A-Za-z0-9]{43,}/,
  /fig[dou]r?_[A-Za-z0-9_-]{30,}/,
  /pat[A-Za-z0-9]{14}\.[a-f0-9]{64}\b/,
  /SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  /SK[a-f0-9]{32}\b/,
  /key-[a-f0-9]{32}\b/,
  /[a-f0-9]{32}-us\d{1,2}\b/,
  /xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}\b/,
  /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}/,
  /CFPAT-[A-Za-z0-9_-]{40,}/,
  /tfp_[A-Za-z0-9_-]{40,}/,
  // Money and shops
  /(?:sk|rk|pk)_(?:live|test|prod)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{20,}/,
  /sk_[a-f0-9]{48}\b/,
  /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/,
  /EAAA[A-Za-z0-9_-]{60}|sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,}/,
  /EAACEdEose0cBA[A-Za-z0-9]+|EAA[MC][A-Za-z0-9]{100,}/,
  /access-(?:production|sandbox|development)-[a-f0-9]{8}-[a-f0-9-]{27}/,
  /shippo_(?:live|test)_[a-fA-F0-9]{40}\b/,
  /EZ[AT]K[A-Za-z0-9]{54}\b/,
  /FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,}-X/,
  // Monitoring and data
  /dapi[a-f0-9]{32}(?:-\d)?\b/,
  /NR(?:AK|JS|II|AL)-[A-Za-z0-9_-]{19,}/,
  /sntrys_eyJ[A-Za-z0-9_+/=-]{40,}|sntryu_[a-f0-9]{64}\b/,
  /glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}\b|glc_eyJ[A-Za-z0-9+/=]{30,}/,
  /PMAK-[a-f0-9]{24}-[a-f0-9]{34}\b/,
  /dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b/,
  /ph[xs]_[A-Za-z0-9]{40,}/,
  /[sp]k\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{16,}/,
  /sl\.(?:u\.)?[A-Za-z0-9_-]{100,}/,
  // Forms that many use
  /eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
  /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
  /\$(?:2[abxy]|[1567y]|apr1|argon2(?:id?|d)|scrypt)\$(?:[./A-Za-z0-9$=+-]|,(?=[a-z]=)){20,}/,
];

/** A private key up to its end; without one, its header and the following lines of base64. */
const privateKey =
  /-{4,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-{4,5}(?:(?:(?!-{4,5} ?BEGIN)[\s\S])*?-{4,5} ?END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-{4,5}|(?:(?:\s|\\[rn])*(?:(?:Proc-Type|DEK-Info|Version|Comment): [^\n\\]*|[A-Za-z0-9+/=]{16,}))+)/;

/**
 * A key begins where no word continues, except after an escape as in `\n`, an encoded character, or
 * Markdown marks. Starts inside a word are also refused for speed: many starts in one long word
 * would each read it to its end.
 */
const START = String.raw`(?:(?<![\w-])|(?<=\\[bfnrt]|%[0-9A-F]{2}|(?<![\w-])[_-]{1,2}))`;

export const secretShapes = new RegExp(
  `${privateKey.source}|${START}(?:${shapes.map(({ source }) => source).join('|')})`,
  'g',
);
