import { PinMessageCommand } from '../../sessions/pin-message-command.ts';

export default class ContextPin extends PinMessageCommand {
  static override summary = 'send a message in every request, however long its session gets';
  static override examples = ['synapse context pin my-project 3'];

  protected readonly isPinned = true;
}
