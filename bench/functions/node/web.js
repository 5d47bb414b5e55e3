const headers = { 'content-type': 'application/json' };

exports.handler = async ({ body }) => ({ statusCode: 200, headers, body });
