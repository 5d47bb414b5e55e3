/** Operations that are known and not there yet, each with its reason. docs/compatibility.md is made from this too. */
import { unsupported } from '../../aws/operation.ts';

const instances = unsupported(
  'managed instances are EC2 capacity of AWS; this server runs functions on its own machine',
);
const durable = unsupported('comes with durable functions');

export const unsupportedOperations = {
  CheckpointDurableExecution: durable,
  CreateCapacityProvider: instances,
  DeleteCapacityProvider: instances,
  GetCapacityProvider: instances,
  GetDurableExecution: durable,
  GetDurableExecutionHistory: durable,
  GetDurableExecutionState: durable,
  GetFunctionScalingConfig: instances,
  ListCapacityProviders: instances,
  ListDurableExecutionsByFunction: durable,
  ListFunctionVersionsByCapacityProvider: instances,
  PutFunctionScalingConfig: instances,
  SendDurableExecutionCallbackFailure: durable,
  SendDurableExecutionCallbackHeartbeat: durable,
  SendDurableExecutionCallbackSuccess: durable,
  StopDurableExecution: durable,
  UpdateCapacityProvider: instances,
} as const;
