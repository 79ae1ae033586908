import { runSimGateway } from './run-simgateway.ts';

process.exitCode = await runSimGateway(process.argv.slice(2));
