exports.handler = async ({ Records }) => {
  // The clock of the machine, as the bench reads it.
  const at = process.hrtime.bigint();
  console.log(`at ${at} ${Records.map(({ s3, body }) => nameOf(s3, body)).join(' ')}`);
};

/** Of the object, or in the message; a message may be what a bucket says of an object. */
function nameOf(s3, body) {
  if (s3 !== undefined) return s3.object.key;
  const [told] = body.startsWith('{') ? (JSON.parse(body).Records ?? []) : [];
  return told?.s3.object.key ?? body;
}
