import { getStyleTags, type Tag } from '@lezer/highlight';
import type { SyntaxNodeRef, Tree } from '@lezer/common';
import type { CodeKind, CodeSpan, MarkupKind, MarkupSpan } from '../../core/concepts/labels/labellers';

/** What Lezer's tags mean as kinds of tokens; a tag with a modifier is looked up with it first: `function(variableName)`. */
const KIND_OF_TAG: Readonly<Record<string, CodeKind | null>> = {
  ...kinds(
    'keyword',
    'keyword controlKeyword operatorKeyword definitionKeyword moduleKeyword modifier self null bool',
  ),
  ...kinds(
    'identifier',
    'variableName propertyName attributeName className namespace labelName macroName tagName',
  ),
  ...kinds('function call', 'function(variableName) function(propertyName)'),
  ...kinds('function definition', 'function(definition(variableName)) function(definition(propertyName))'),
  ...kinds('type', 'typeName definition(className) definition(typeName) standard(typeName)'),
  ...kinds('string', 'string docString character regexp attributeValue escape'),
  ...kinds('comment', 'comment lineComment blockComment docComment'),
  ...kinds('number', 'number integer float'),
  ...kinds(
    'operator',
    'operator arithmeticOperator logicOperator bitwiseOperator compareOperator updateOperator definitionOperator ' +
      'typeOperator controlOperator function(punctuation)',
  ),
  // The dot of `a.b`.
  derefOperator: null,
};

/** What nodes mean by their own names: whole statements, whatever stands in them. */
const KIND_OF_NODE: Readonly<Record<string, CodeKind>> = {
  ...kinds('import', 'ImportStatement ImportDeclaration UseDeclaration ImportDecl'),
  ...kinds('decorator', 'Decorator Annotation MarkerAnnotation Attribute InnerAttribute'),
};

/** Words that the grammar of Go leaves without a tag. */
const KIND_OF_WORD: Readonly<Record<string, CodeKind>> = { default: 'keyword', make: 'function call' };

/** What a name means by the node that it stands in: `parent > node`. */
const KIND_OF_PLACE: Readonly<Record<string, CodeKind>> = {
  ...kinds('parameter', 'ParamList>VariableName ParamList>VariableDefinition FormalParameter>Definition'),
  ...kinds(
    'parameter',
    'SpreadParameter>Definition ParameterDeclaration>Identifier Parameter>BoundIdentifier',
  ),
  ...kinds('parameter', 'ReferenceDeclarator>Identifier Parameter>DefName InferredParameters>Definition'),
  ...kinds('function definition', 'MethodDeclaration>PropertyDefinition MethodDeclaration>Definition'),
  ...kinds('function definition', 'MethodDecl>FieldName'),
  ...kinds('type', 'TypeDef>VariableName'),
};

/** Kinds that only names have. */
const NAMES: readonly CodeKind[] = ['function call', 'function definition', 'parameter', 'type'];

/** Parts of Markdown by the names of their nodes. */
const MARKUP_OF_NODE: Readonly<Record<string, MarkupKind>> = {
  ATXHeading1: 'heading',
  ATXHeading2: 'heading',
  ATXHeading3: 'heading',
  ATXHeading4: 'heading',
  ATXHeading5: 'heading',
  ATXHeading6: 'heading',
  SetextHeading1: 'heading',
  SetextHeading2: 'heading',
  ListItem: 'list item',
  Link: 'link',
  Autolink: 'link',
  Table: 'table',
  Emphasis: 'emphasis',
  StrongEmphasis: 'emphasis',
  InlineCode: 'inline code',
  FencedCode: 'code block',
  Blockquote: 'block quote',
};

/** The tokens of a parsed program by kind. */
export function codeSpansOf(tree: Tree, text: string): CodeSpan[] {
  const spans: CodeSpan[] = [];
  const parents: string[] = [];
  tree.iterate({
    enter(node) {
      const whole = KIND_OF_NODE[node.name];
      if (whole) spans.push({ kind: whole, start: node.from, end: node.to });
      if (isInclude(node, text)) spans.push({ kind: 'import', start: node.from, end: node.to });
      for (const kind of kindsOf(node, parents.at(-1) ?? '', text)) {
        spans.push({ kind, start: node.from, end: node.to });
      }
      parents.push(node.name);
    },
    leave: () => void parents.pop(),
  });
  return spans;
}

/** The parts of a parsed Markdown text. */
export function markupSpansOf(tree: Tree): MarkupSpan[] {
  const spans: MarkupSpan[] = [];
  tree.iterate({
    enter: ({ name, from, to }) => {
      const kind = MARKUP_OF_NODE[name];
      if (kind) spans.push({ kind, start: from, end: to });
    },
  });
  return spans;
}

/** A name has the kind of its place beside its own, an operator that is spelled as a word is a keyword. */
function kindsOf(node: SyntaxNodeRef, parent: string, text: string): Iterable<CodeKind> {
  const found = new Set<CodeKind>();
  const placed = KIND_OF_PLACE[`${parent}>${node.name}`] ?? KIND_OF_WORD[node.name];
  if (placed) found.add(placed);
  for (const tag of getStyleTags(node)?.tags ?? []) {
    const kind = kindOfTag(tag);
    if (!kind) continue;
    const isWord = kind !== 'keyword' || /^[A-Za-z#@]/.test(text.slice(node.from, node.from + 1));
    found.add(isWord ? kind : 'operator');
  }
  if (NAMES.some((kind) => found.has(kind)) && !node.name.startsWith('Primitive')) found.add('identifier');
  return found;
}

/** The kind of a tag, or of the most special of those that it is a case of. */
function kindOfTag(tag: Tag): CodeKind | null | undefined {
  return tag.set.map((wider) => KIND_OF_TAG[wider.toString()]).find((kind) => kind !== undefined);
}

/** `#include`, which the grammar has among all directives of the preprocessor. */
function isInclude({ name, from }: SyntaxNodeRef, text: string): boolean {
  return name === 'PreprocDirective' && /^#\s{0,8}include/.test(text.slice(from, from + 16));
}

function kinds<Kind>(kind: Kind, names: string): Record<string, Kind> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]));
}
