/** What IAM and STS do in another way than on AWS. docs/compatibility.md is made from this too. */
export const iamDifferences: readonly { readonly what: string; readonly here: string }[] = [
  {
    what: 'IAM: when a change counts',
    here: 'is at once, as far as this server goes; AWS takes some seconds',
  },
  {
    what: 'IAM: policies that AWS manages',
    here:
      'are those that functions and who works with them attach: `aws iam list-policies --scope AWS` shows them. Their ids, ' +
      'dates and version numbers are not those of AWS',
  },
  {
    what: 'IAM: `RoleLastUsed`, `PasswordLastUsed`',
    here: 'are not recorded',
  },
  {
    what: 'IAM: the number of managed policies that a role or user may have',
    here: 'is 20, which AWS gives who asks for it',
  },
  {
    what: 'IAM: names of users and roles in documents',
    here: 'are not looked up: a principal that does not exist can be named in a trust policy',
  },
  {
    what: 'The log of a function',
    here:
      'needs `logs:CreateLogStream` and `logs:PutLogEvents` of its role where requests are signed; a group that is not there ' +
      'is made without `logs:CreateLogGroup`. Traces need no `xray:PutTraceSegments`',
  },
  {
    what: 'A function whose role is deleted, or trusts Lambda no longer',
    here: 'runs on: without a role it may do nothing in its name, and trust is asked when a function gets its role',
  },
  {
    what: 'STS: the root of an account',
    here: 'may assume a role that trusts it; on AWS the root cannot assume any',
  },
  {
    what: 'STS: a resource policy that names one session of a role that has a boundary or session policies',
    here: 'is held by these as well',
  },
];
