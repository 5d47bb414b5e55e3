/** Finds, or compiles on first use, what decodes and encodes one operation in one protocol. */
import { invariant } from '../../base/invariant.ts';
import { Validator } from '../codec/validate.ts';
import type { Protocol } from '../model.ts';
import { serviceModel } from '../models.ts';
import type { OperationCodec, OperationPlan } from './codec.ts';
import { queryCodec } from './query.ts';
import { restCodec } from './rest.ts';
import { restJsonBody } from './rest-json.ts';
import { restXmlBody } from './rest-xml.ts';
import { rpcCodec, rpcFormat } from './rpc.ts';

const compiled = new Map<string, OperationCodec>();
/** SQS says MissingParameter and InvalidAttributeName, and takes names that its own model does not list: it checks by itself. */
const inOwnWords = new Set(['sqs']);
const validators = new Map<string, Validator>();

/** The codec's `decode` also checks the model's constraints. Nothing when the service has no such operation. */
export function operationCodec(service: string, name: string, protocol: Protocol): OperationCodec | undefined {
  const key = `${protocol} ${service} ${name}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const model = serviceModel(service);
  const operation = Object.hasOwn(model.operations, name) ? model.operations[name] : undefined;
  if (operation === undefined) return undefined;
  const codec = withValidation({ service, name, protocol, model, operation });
  compiled.set(key, codec);
  return codec;
}

function withValidation(plan: OperationPlan): OperationCodec {
  const codec = protocolCodec(plan);
  const { input } = plan.operation;
  if (input === undefined || inOwnWords.has(plan.service)) return codec;
  const validate = validatorOf(plan).operation(input, violationCode(plan.protocol));
  return {
    encode: codec.encode,
    decode(request) {
      const decoded = codec.decode(request);
      validate(decoded);
      return decoded;
    },
  };
}

/** Older services name it without `Exception`, S3 as it names every argument that it does not like. */
function violationCode(protocol: Protocol): string {
  if (protocol === 'restXml') return 'InvalidArgument';
  return protocol === 'awsQuery' ? 'ValidationError' : 'ValidationException';
}

function validatorOf({ service, model }: OperationPlan): Validator {
  const known = validators.get(service) ?? new Validator(model);
  validators.set(service, known);
  return known;
}

function protocolCodec(plan: OperationPlan): OperationCodec {
  switch (plan.protocol) {
    case 'restJson1':
      return restCodec(plan, restJsonBody(plan));
    case 'restXml':
      return restCodec(plan, restXmlBody(plan));
    case 'awsQuery':
      return queryCodec(plan);
    default: {
      const format = rpcFormat(plan.protocol);
      invariant(format, `protocol ${plan.protocol} has a format`);
      return rpcCodec(plan, format);
    }
  }
}
