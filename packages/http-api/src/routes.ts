import type { Route } from './route.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { attachmentRoutes } from './routes/attachments.ts';
import { changeRoutes } from './routes/changes.ts';
import { contextRoutes } from './routes/context.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { dialectRoutes } from './routes/dialects.ts';
import { messageRoutes } from './routes/messages.ts';
import { modelRoutes } from './routes/models.ts';
import { responseRoutes } from './routes/responses.ts';
import { runRoutes } from './routes/runs.ts';
import { searchRoutes } from './routes/search.ts';
import { serverRoutes } from './routes/server.ts';
import { sessionActionRoutes } from './routes/session-actions.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { settingRoutes } from './routes/settings.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { transferRoutes } from './routes/transfer.ts';
import { usageRoutes } from './routes/usage.ts';

/** The table: every address of the server. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...sessionActionRoutes,
  ...messageRoutes,
  ...runRoutes,
  ...approvalRoutes,
  ...changeRoutes,
  ...searchRoutes,
  ...attachmentRoutes,
  ...transferRoutes,
  ...modelRoutes,
  ...contextRoutes,
  ...usageRoutes,
  ...tokenRoutes,
  ...signInRoutes,
  ...settingRoutes,
  ...dialectRoutes,
  ...responseRoutes,
  ...conversationRoutes,
  ...serverRoutes(() => routes),
];
