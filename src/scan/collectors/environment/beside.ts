const FOLDER = /(?:^|\/)(?:scripts?|seeds?|tools?|hack|ci|\.ci)\//i;
const SETTINGS =
  /(?:^|\/)(?:settings|config|environments?|configs|conf)\/(?:[\w-]+\/)?(?:dev|devel|develop|development|local|test|testing|ci)\.\w+$|(?:^|\/)settings_(?:dev|local|test)\.py$|(?:^|\/)(?:application|appsettings)[-.](?:dev|local|test|development)\b[\w.]*$/i;

/** Whether a file is for people, development or tests: what only it says is no need of a service. */
export function isBeside(file: string): boolean {
  return FOLDER.test(file) || SETTINGS.test(file);
}
