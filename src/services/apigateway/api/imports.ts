import type { RestApiRecord } from '../../../store/restapis/rest-record.ts';
import { changeApi, marked, newId } from '../change.ts';
import { checkContent } from '../check-content.ts';
import { newApi } from '../defaults.ts';
import { imported } from '../openapi/import.ts';
import { readOpenApi } from '../openapi/read.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest } from '../parts.ts';
import { shownApi } from '../render.ts';

export function importRestApi(parts: ApigatewayParts): ApigatewayOperation<'ImportRestApi'> {
  return {
    async handle({ body, parameters = {} }, context) {
      const { rest, clock, random } = parts;
      const { accountId, region } = context;
      const document = readOpenApi(body);
      const type = parameters.endpointConfigurationTypes;
      const fresh = newApi(
        { name: undefined, ...(type === undefined ? {} : { endpointConfiguration: { types: [endpointType(type)] } }) },
        { id: newId(parts, 10), createdAt: clock.now(), accountId, region, random },
      );
      const options = { mode: 'overwrite', basepath: parameters.basepath, random } as const;
      const record = marked(imported(fresh, document, options), context);
      checkContent(record);
      await rest.commit([rest.apis.put(record)]);
      return shownApi(record);
    },
  };
}

export function putRestApi(parts: ApigatewayParts): ApigatewayOperation<'PutRestApi'> {
  return {
    async handle({ restApiId, body, mode = 'merge', parameters = {} }, context) {
      const document = readOpenApi(body);
      const after = await changeApi(parts, context, restApiId, (before): RestApiRecord => {
        const record = imported(before, document, { mode, basepath: parameters.basepath, random: parts.random });
        checkContent(record);
        return record;
      });
      return shownApi(after);
    },
  };
}

function endpointType(name: string): 'EDGE' | 'PRIVATE' | 'REGIONAL' {
  if (name === 'EDGE' || name === 'PRIVATE' || name === 'REGIONAL') return name;
  throw badRequest('Invalid EndpointTypes specified');
}
