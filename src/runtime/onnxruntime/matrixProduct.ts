import { WireWriter } from '../../core/onnx/protobuf/wireWriter';
import type { ByteProduct, MatrixProduct } from '../../core/concepts/screening/screen';
import { Tensor } from './library';
import { openSession } from './session';

/** Numbers of fields and values of ONNX's messages that a product of two matrices needs. */
const MODEL = { irVersion: 1, graph: 7, opset: 8 };
const GRAPH = { node: 1, name: 2, input: 11, output: 12 };
const ELEMENT = { float: 1, uint8: 2, int8: 3 };

/**
 * Products of matrices by onnxruntime, several times faster than any loop of ours. Processors without VNNI add pairs of
 * byte products in 16 bits: a row of labels, 0 and 1, never fills them.
 */
export interface MatrixProducts {
  readonly multiply: MatrixProduct;
  readonly multiplyBytes: ByteProduct;
  dispose(): Promise<void>;
}

export async function openMatrixProducts(threads?: number): Promise<MatrixProducts> {
  const options = threads === undefined ? {} : { threads };
  const floats = await openSession(
    productModel('MatMul', ELEMENT.float, ELEMENT.float),
    'product.onnx',
    options,
  );
  const bytes = await openSession(
    productModel('MatMulInteger', ELEMENT.uint8, ELEMENT.int8),
    'byte-product.onnx',
    options,
  );
  const run = async (session: typeof floats, left: Tensor, right: Tensor) =>
    (await session.run({ left, right }))['product']!.data;
  return {
    multiply: async (left, right, inner) =>
      (await run(
        floats,
        new Tensor('float32', left, [left.length / inner, inner]),
        new Tensor('float32', right, [inner, right.length / inner]),
      )) as Float32Array,
    multiplyBytes: async (left, right, inner) =>
      (await run(
        bytes,
        new Tensor('uint8', left, [left.length / inner, inner]),
        new Tensor('int8', right, [inner, right.length / inner]),
      )) as Int32Array,
    dispose: async () => {
      await Promise.all([floats.release(), bytes.release()]);
    },
  };
}

/** @param left type of its elements, as ONNX numbers them. */
function productModel(operator: string, left: number, right: number): Uint8Array {
  const node = new WireWriter().text(1, 'left').text(1, 'right').text(2, 'product').text(4, operator);
  const graph = new WireWriter()
    .message(GRAPH.node, node)
    .text(GRAPH.name, 'product')
    .message(GRAPH.input, matrix('left', left, 'rows', 'inner'))
    .message(GRAPH.input, matrix('right', right, 'inner', 'columns'))
    .message(GRAPH.output, new WireWriter().text(1, 'product'));
  const opset = new WireWriter().text(1, '').integer(2, 17);
  return new WireWriter()
    .integer(MODEL.irVersion, 8)
    .message(MODEL.graph, graph)
    .message(MODEL.opset, opset)
    .finish();
}

/** A ValueInfoProto of a matrix whose extents have names only. */
function matrix(name: string, element: number, ...extents: string[]): WireWriter {
  const shape = new WireWriter();
  for (const extent of extents) shape.message(1, new WireWriter().text(2, extent));
  const tensor = new WireWriter().integer(1, element).message(2, shape);
  return new WireWriter().text(1, name).message(2, new WireWriter().message(1, tensor));
}
