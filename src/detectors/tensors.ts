import { SoclabError } from "../core/index.ts";
import type { Tensors } from "./contract.ts";

/**
 * The numbers of a named tensor, checked for type and shape.
 * @throws SOCLAB_ARTEFACT
 */
export function float64Tensor(detector: string, tensors: Tensors, name: string, shape: readonly number[]): Float64Array {
  const data = tensorOf(detector, tensors, name, shape).data;
  if (data instanceof Float64Array) return data;
  throw damaged(detector, `tensor "${name}" is I32; expected F64`);
}

/** @throws SOCLAB_ARTEFACT */
export function int32Tensor(detector: string, tensors: Tensors, name: string, shape: readonly number[]): Int32Array {
  const data = tensorOf(detector, tensors, name, shape).data;
  if (data instanceof Int32Array) return data;
  throw damaged(detector, `tensor "${name}" is F64; expected I32`);
}

/** The length of a one-dimensional tensor. @throws SOCLAB_ARTEFACT */
export function tensorLength(detector: string, tensors: Tensors, name: string): number {
  const tensor = tensors.get(name);
  if (tensor?.shape.length !== 1)
    throw damaged(detector, `tensor "${name}" is ${tensor ? `of shape [${tensor.shape}]` : "missing"}; expected one dimension`);
  return tensor.shape[0]!;
}

function tensorOf(detector: string, tensors: Tensors, name: string, shape: readonly number[]) {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw damaged(detector, `tensor "${name}" is missing`);
  const size = shape.reduce((product, n) => product * n, 1);
  const sameShape = tensor.shape.length === shape.length && shape.every((n, i) => tensor.shape[i] === n);
  if (!sameShape || tensor.data.length !== size) {
    throw damaged(detector, `tensor "${name}" has shape [${tensor.shape}] and ${tensor.data.length} numbers; expected [${shape}]`);
  }
  return tensor;
}

export function damaged(detector: string, what: string): SoclabError {
  return new SoclabError("SOCLAB_ARTEFACT", `${detector} cannot be restored: ${what}`, {
    hint: "The file is damaged or was not written by soclab; train again.",
  });
}
