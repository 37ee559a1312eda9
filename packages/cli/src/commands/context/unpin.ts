import { PinMessageCommand } from '../../sessions/pin-message-command.ts';

export default class ContextUnpin extends PinMessageCommand {
  static override summary = 'stop sending a message in every request';
  static override examples = ['synapse context unpin my-project 3'];

  protected readonly isPinned = false;
}
