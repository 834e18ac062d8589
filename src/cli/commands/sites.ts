import path from 'node:path';
import type { Command } from 'commander';
import { formatSite } from '../../core/common/neuronAddress';
import { wordList } from '../../core/common/wordList';
import { readsNoText } from '../../core/onnx/graph/inputsOf';
import type { FfnSite } from '../../core/onnx/site';
import { resolveModelPackage } from '../../runtime/models/modelPackage';
import { analysePart } from '../../runtime/onnxruntime/analysedPart';
import { noFfnFound } from '../../runtime/onnxruntime/openActivationModel';
import { EMBEDDED_MODEL } from '../environment';
import { printJson, printText, printNotice } from '../output/print';
import { formatTable, type Column } from '../output/table';

interface SitesFlags {
  dtype?: string;
  json: boolean;
}

/** `sites MODEL`: the FFN sites of a model. */
export function registerSitesCommand(program: Command): void {
  program
    .command('sites')
    .description('Lists the FFN sites of a model: where its neurons are.')
    .argument('<model>', 'a folder, an .onnx file, a Hub id, or "default"')
    .option('--dtype <type>', "which of the model's files: fp32, fp16, q8, q4, …")
    .option('--json', 'print JSON', false)
    .action(listSites);
}

async function listSites(model: string, flags: SitesFlags): Promise<void> {
  const modelPackage = await resolveModelPackage(model, {
    embeddedModel: EMBEDDED_MODEL,
    ...(flags.dtype !== undefined && { dtype: flags.dtype }),
  });
  const parts = [];
  for (const part of modelPackage.parts.keys()) parts.push(await analysePart(modelPackage, part));
  const sites = parts.flatMap(({ analysis }) => analysis.sites.map(({ site }) => site));
  const silent = new Set(
    parts.flatMap(({ analysis: { index, sites: found } }) =>
      found.filter(({ source }) => readsNoText(index, source.ffn.act.name)).map(({ site }) => site),
    ),
  );
  const opaque = parts.flatMap(({ analysis }) => analysis.opaque);
  const files = parts.map(({ file, sha256, analysis }) => ({
    file: path.relative(modelPackage.folder, file.path).replaceAll(path.sep, '/'),
    sha256,
    opset: analysis.index.opset,
  }));
  if (flags.json) {
    const { id, dtype } = modelPackage;
    printJson({
      model: { id, ...files[0], dtype, files },
      sites: sites.map((site) => ({ ...describe(site), readsText: !silent.has(site) })),
      opaque,
    });
  }
  const [first] = parts;
  if (sites.length === 0 && first) throw noFfnFound(modelPackage, first);
  if (flags.json) return;
  printText(formatTable(COLUMNS, sites));
  for (const { node, reason } of opaque) printNotice(`${node}: ${reason}.`);
  if (silent.size > 0) {
    const names = wordList([...silent].map(formatSite));
    printNotice(`${names}: no text reaches them, as they read images or sound; a profile leaves them out.`);
  }
}

/** The fields of `sites --json`: `block` only where a layer holds several FFNs. */
function describe({ block, ...site }: FfnSite): object {
  return block === null ? site : { ...site, block };
}

const COLUMNS: readonly Column<FfnSite>[] = [
  { title: 'site', text: formatSite },
  { title: 'part', text: (site) => site.part },
  { title: 'd_model', align: 'right', text: (site) => String(site.dModel) },
  { title: 'neurons', align: 'right', text: (site) => String(site.dFf) },
  { title: 'activation', text: (site) => site.activation },
  { title: 'gated', text: (site) => (site.gated ? (site.packed ? 'yes, packed' : 'yes') : 'no') },
  { title: 'quantities', text: (site) => site.quantities.join(', ') },
  {
    title: 'weights of',
    text: (site) => (site.sharedWith === null ? '' : `layer ${site.sharedWith}`),
  },
];
