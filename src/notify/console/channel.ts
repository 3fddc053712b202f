import type { Channel, ChannelContext } from "../channel.ts";
import { messageLine } from "../text.ts";

/** Prints each message as one line. */
export function consoleChannel({ print }: Pick<ChannelContext, "print">): Channel {
  return { send: async (message) => print(messageLine(message)) };
}
