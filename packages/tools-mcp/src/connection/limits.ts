/** The limit of one message: large enough for pictures, too small to fill the memory. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Some servers print a banner on stdout; a server that prints more does not speak MCP. */
export const MAX_BAD_MESSAGES = 1000;

export const MAX_TOOLS = 1000;
export const MAX_TOOL_PAGES = 100;
export const MAX_TOOL_BYTES = 64 * 1024;
export const MAX_DESCRIPTION_LENGTH = 8000;
export const MAX_CONTENT_ITEMS = 200;
