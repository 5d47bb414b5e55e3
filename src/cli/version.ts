/** `lambent version`. The number comes from package.json, put in when the program is built. */
import packageJson from '../../package.json' with { type: 'json' };
import type { Command } from './command.ts';
import { exitCodes } from './exit.ts';

export const version: Command = {
  operands: '',
  operandCount: { min: 0, max: 0 },
  about: 'Prints the version of Lambent and of the Node.js that runs it.',
  flags: { json: { says: 'Print JSON, for programs' } },
  examples: [],
  async run({ flags }, { stdout }) {
    const lambent = packageJson.version;
    const node = process.versions.node;
    stdout.write(flags.json ? `${JSON.stringify({ lambent, node })}\n` : `lambent ${lambent} (Node.js ${node})\n`);
    return exitCodes.ok;
  },
};
