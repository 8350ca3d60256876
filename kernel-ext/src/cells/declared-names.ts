import ts from "typescript";

/** Names that a cell declares at its top level, in order, types and imports included. */
export function declaredNames(file: ts.SourceFile): string[] {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) for (const one of patternNames(name)) names.add(one);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement)
    ) {
      if (statement.name) names.add(statement.name.text);
    } else if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name) && !isGlobalAugmentation(statement)) {
      names.add(statement.name.text);
    } else if (ts.isImportDeclaration(statement)) {
      for (const name of importedNames(statement)) names.add(name);
    } else {
      nestedVars(statement, names);
    }
  }
  return [...names];
}

function isGlobalAugmentation(statement: ts.ModuleDeclaration): boolean {
  return (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
}

function importedNames({ importClause }: ts.ImportDeclaration): string[] {
  if (!importClause) return [];
  const names = importClause.name ? [importClause.name.text] : [];
  const { namedBindings } = importClause;
  if (!namedBindings) return names;
  if (ts.isNamespaceImport(namedBindings)) return [...names, namedBindings.name.text];
  return [...names, ...namedBindings.elements.map(({ name }) => name.text)];
}

/** `{ a, b: [c] }` → a, c. */
export function patternNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : patternNames(element.name)));
}

function nestedVars(node: ts.Node, names: Set<string>): void {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
  if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) {
    for (const { name } of node.declarations) for (const one of patternNames(name)) names.add(one);
  }
  ts.forEachChild(node, (child) => nestedVars(child, names));
}
