// The same for ES modules.
export const handler = async (event) => event;
