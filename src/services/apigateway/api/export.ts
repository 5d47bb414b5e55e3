import { stringify } from 'yaml';
import { addressOf } from '../../../aws/address.ts';
import { apiOf, stageOf } from '../change.ts';
import { exported } from '../openapi/export.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest } from '../parts.ts';
import { deploymentOf } from './deployments.ts';

export function getExport(parts: ApigatewayParts): ApigatewayOperation<'GetExport'> {
  return {
    handle({ restApiId, stageName = '', exportType, parameters = {}, accepts = 'application/json' }, context) {
      if (exportType !== 'oas30' && exportType !== 'swagger') {
        throw badRequest('Invalid export type specified: it must be oas30 or swagger');
      }
      const { id, region } = apiOf(parts, context, restApiId);
      const stage = stageOf(apiOf(parts, context, restApiId), stageName);
      const { content } = deploymentOf(parts.rest, id, stage.deploymentId);
      const extensions = (parameters.extensions ?? '').split(',').map((each) => each.trim());
      const place = new URL(addressOf(context.endpoint, `${id}.execute-api.${region}`));
      const all = extensions.includes('apigateway');
      const document = exported(content, {
        version: exportType,
        integrations: all || extensions.includes('integrations'),
        authorizers: all || extensions.includes('authorizers'),
        settings: all,
        scheme: place.protocol.slice(0, -1),
        host: place.host,
        stageName,
      });
      const yaml = accepts.includes('yaml');
      const text = yaml
        ? stringify(document, { aliasDuplicateObjects: false })
        : JSON.stringify(document, undefined, 2);
      const name = `${exportType}_${id}.${yaml ? 'yaml' : 'json'}`;
      return {
        contentType: yaml ? 'application/yaml' : 'application/json',
        contentDisposition: `attachment; filename="${name}"`,
        body: Buffer.from(text),
      };
    },
  };
}
