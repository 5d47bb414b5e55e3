/** How documents are shown. */
import type { Deployment, Method, Resource, RestApi, Stage } from '@aws-sdk/client-api-gateway';
import type {
  DeploymentRecord,
  ResourceDocument,
  RestApiRecord,
  StageDocument,
} from '../../store/restapis/rest-record.ts';

export function shownApi({ id, createdAt, api, resources }: RestApiRecord): RestApi {
  // AWS shows it as it would stand within a text of JSON, and clients unquote it.
  const policy = api.policy === undefined ? {} : { policy: JSON.stringify(api.policy).slice(1, -1) };
  return { id, ...api, ...policy, createdDate: new Date(createdAt), rootResourceId: resources[0]?.id };
}

/** Methods are shown whole when they are asked for, else by their names. */
export function shownResource(resource: ResourceDocument, embed: readonly string[] | undefined): Resource {
  const { resourceMethods: methods, ...rest } = resource;
  const names = Object.keys(methods);
  if (names.length === 0) return rest;
  if (embed?.includes('methods')) return { ...rest, resourceMethods: { ...methods } };
  return { ...rest, resourceMethods: Object.fromEntries(names.map((name): [string, Method] => [name, {}])) };
}

export function shownStage({ createdAt, updatedAt, ...stage }: StageDocument): Stage {
  return { ...stage, createdDate: new Date(createdAt), lastUpdatedDate: new Date(updatedAt) };
}

export function shownDeployment(
  { deploymentId: id, description, createdAt, content }: DeploymentRecord,
  embed?: readonly string[],
): Deployment {
  const shown = { id, description, createdDate: new Date(createdAt) };
  return embed?.some((each) => each.startsWith('apisummary')) ? { ...shown, apiSummary: summary(content) } : shown;
}

function summary({ resources }: DeploymentRecord['content']): Deployment['apiSummary'] {
  return Object.fromEntries(
    resources
      .filter(({ resourceMethods }) => Object.keys(resourceMethods).length > 0)
      .map(({ path, resourceMethods }) => [
        path,
        Object.fromEntries(
          Object.entries(resourceMethods).map(([name, { authorizationType, apiKeyRequired }]) => [
            name,
            { authorizationType, apiKeyRequired },
          ]),
        ),
      ]),
  );
}
