/** The scheduler of Celery keeps what it ran in a file beside the code, where nothing can be written. */
const BEAT = /\bcelery\b.*(?:\sbeat\b|\s(?:-B|--beat)\b)/;

/** A command that writes into its own folder, told to write where memory is mounted. */
export function writingElsewhere(command: string): string {
  if (!BEAT.test(command) || /\s(?:-s|--schedule|-S|--scheduler)[ =]/.test(command)) return command;
  return `${command} --schedule /tmp/celerybeat-schedule`;
}
