/** Mapping templates: what each makes of one request, and that none breaks out or goes on forever. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTemplate } from './render.ts';

const body = JSON.stringify({
  name: 'a "b"',
  n: 7,
  list: [{ id: 1 }, { id: 2 }],
  empty: [],
  nested: { x: { y: 'deep' } },
  no: null,
});
const asked = {
  input: {
    body,
    params: { path: { id: 'p1' }, querystring: { q: 'é', both: 'query' }, header: { 'X-A': 'h', both: 'header' } },
  },
  context: { requestId: 'r', identity: { sourceIp: '1.2.3.4' }, authorizer: { claims: { sub: 's' } } },
  stageVariables: { v: 'stage' },
};
const render = (template: string, more: object = {}) => renderTemplate(template, { ...asked, ...more });

const cases: readonly (readonly [template: string, text: string])[] = [
  ['{"statusCode": 200}', '{"statusCode": 200}'],
  ['$input.body', body],
  ["$input.json('$')", body],
  ["$input.json('$.list[1].id') $input.json('$.name')", '2 "a \\"b\\""'],
  ["$input.json('$.missing')", '""'],
  ["$input.path('$.nested.x.y') $input.path('$.list').size()", 'deep 2'],
  ["$input.path('$.list[*].id')", '[1, 2]'],
  ["$input.path('$..id') $input.path('$.list[?(@.id > 1)].id')", '[1, 2] [2]'],
  ["$input.path('$.nested')", '{x={y=deep}}'],
  [
    "$input.params('id') $input.params('q') $input.params('x-a') $input.params('both') [$input.params('none')]",
    'p1 é h query []',
  ],
  ["$input.params().querystring.q $input.params().header.get('X-A')", 'é h'],
  ['$context.requestId $context.identity.sourceIp $context.authorizer.claims.sub [$context.none]', 'r 1.2.3.4 s []'],
  ['$stageVariables.v $' + '{stageVariables.v} $!stageVariables.w', 'stage stage '],
  ['$nobody $!nobody $' + '{nobody} price $5.00', '$nobody  $' + '{nobody} price $5.00'],
  ['#set($x = 1 + 2 * 3)$x #set($y = $x / 2)$y #set($z = "$x.$y")$z', '7 3 7.3'],
  ["#set($single = '$x')$single", '$x'],
  ['#if($input.path("$.n") == 7)yes#{else}no#end', 'yes'],
  ['#if($input.path("$.n") > 10)a#elseif($input.params("q") == "é")b#{else}c#end', 'b'],
  ['#if($none)a#{else}b#end#if("")c#end#if(!$none && 1 != 2)d#end', 'bcd'],
  ['#foreach($e in $input.path("$.list"))$e.id#if($foreach.hasNext),#end#end', '1,2'],
  ['#foreach($i in [1..5])#if($i == 3)#break#end$foreach.index$velocityCount #end.', '01 12 .'],
  ['#foreach($e in $input.path("$.empty"))x#end#foreach($e in $none)y#end-', '-'],
  ['#set($m = {"a": 1})#set($d = $m.put("b", [2, "x"]))$m.b[1] $m.keySet() $m', 'x [a, b] {a=1, b=[2, x]}'],
  ['#set($m = {"a": 1})#foreach($e in $m.entrySet())$e.key$e.getValue()#end', 'a1'],
  ['#set($l = [])#set($d = $l.add("a"))$l.size()$l.get(0)$l[0]$l.isEmpty()', '1aafalse'],
  ['$input.path("$.name").toUpperCase().substring(0, 1) $input.path("$.name").length()', 'A 5'],
  [
    '#set($s = "a:b:c:")$s.split(":").size() $s.replace(":", "-") $s.replaceAll("[ab]", "<$0>") $s.indexOf("c")',
    '3 a-b-c- <a>:<b>:c: 4',
  ],
  ['$util.escapeJavaScript($input.path("$.name")) $util.escapeJavaScript("é")', 'a \\"b\\" \\u00E9'],
  [
    '$util.base64Encode("hi") $util.base64Decode("aGk=") $util.urlEncode("a b&é") $util.urlDecode("a+b%26")',
    'aGk= hi a+b%26%C3%A9 a b&',
  ],
  ['#set($o = $util.parseJson(\'{"a":[1,{"b":true}]}\'))$o.a[1].b', 'true'],
  ['#macro(twice $x)$x$x#end#twice("a")', 'aa'],
  ['#define($d)now $x#end#set($x = 1)$d', 'now 1'],
  ['## a comment\nx#* and *#y', 'xy'],
  ['a\n#set($x = 1)\nb', 'a\nb'],
  ['#[[$raw]]#', '$raw'],
];

for (const [template, text] of cases) {
  test(`renders ${JSON.stringify(template)}`, () => assert.equal(render(template).text, text));
}

test('the template that AWS gives passes everything on', () => {
  const template = `#set($allParams = $input.params())
{
"body-json" : $input.json('$'),
"params" : {
#foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
"$type" : {
    #foreach($paramName in $params.keySet())
    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
        #if($foreach.hasNext),#end
    #end
}
    #if($foreach.hasNext),#end
#end
},
"stage-variables" : {
#foreach($key in $stageVariables.keySet())
"$key" : "$util.escapeJavaScript($stageVariables.get($key))"
    #if($foreach.hasNext),#end
#end
}
}`;
  assert.deepEqual(JSON.parse(render(template).text), {
    'body-json': JSON.parse(body),
    params: { path: { id: 'p1' }, querystring: { q: 'é', both: 'query' }, header: { 'X-A': 'h', both: 'header' } },
    'stage-variables': { v: 'stage' },
  });
});

test('overrides come out beside the text', () => {
  const { header, querystring, responseHeader, status } = render(
    '#set($context.requestOverride.header.a = "1")#set($context.requestOverride.querystring.b = $input.path("$.n"))' +
      '#set($context.responseOverride.status = 418)#set($context.responseOverride.header.X-C = "3")',
  );
  assert.deepEqual([header, querystring, responseHeader, status], [{ a: '1' }, { b: '7' }, { 'X-C': '3' }, 418]);
});

test('a template reaches nothing of the program that runs it', () => {
  const attempts = [
    '$input.constructor $input.__proto__ $util.constructor.constructor("return 1") $context.constructor',
    '#set($s = "")$s.constructor $s.at(0) $s.__proto__ #set($l = [])$l.constructor $l.map $l.__proto__ $l["length"]',
    '#set($m = {})$m.constructor $m.__proto__ $m.get("__proto__") $m.hasOwnProperty("x") $input.path("$.constructor")',
    '$input.path("$.__proto__") #foreach($x in $m)$x#end $foreach.constructor $input.params("constructor")',
  ];
  for (const attempt of attempts) assert.match(render(attempt).text, /^[\s[\]]*$/, attempt);
});

test('a template that would not end, or grows without end, is stopped', () => {
  const loops = (depth: number): string =>
    depth === 0 ? 'x' : `#foreach($i${depth} in [1..1000])${loops(depth - 1)}#end`;
  const doubling = `#set($x = "0123456789")#foreach($i in [1..100])#set($x = "$x$x")#end`;
  const cases = [
    loops(3),
    doubling,
    '#macro(m)#m()#end#m()',
    '#foreach($i in [1..1001])x#end',
    '#set($l = [1])#foreach($i in [1..100])#set($d = $l.addAll($l))#end',
    '#evaluate("#evaluate($x)")#set($x = 1',
  ];
  for (const template of cases) assert.throws(() => render(template), { name: 'TemplateError' }, template.slice(0, 60));
});
