import { controlModule } from "./control-module.ts";
import { widget } from "./widget.ts";
import type { WidgetModel } from "./widget-model.ts";

export interface SliderState {
  value: number;
  min: number;
  max: number;
  step: number;
  label: string;
  disabled: boolean;
}

/**
 * A slider. `slider.get("value")` is where it stands, `slider.on("change:value", …)` tells when it moves.
 *
 * @example
 * const threshold = slider({ min: 0, max: 1, step: 0.01, label: "threshold" });
 */
export function slider(options: Partial<SliderState> & { readonly min: number; readonly max: number }): WidgetModel<SliderState> {
  const { min, max } = options;
  if (!(min < max)) throw new RangeError(`slider: min ${min} is not below max ${max}`);
  const state = { value: min, step: niceStep(max - min), label: "", disabled: false, ...options };
  return control({ ...state, value: Math.min(max, Math.max(min, state.value)) }, "slider");
}

/** About a hundred steps; whole ones where there is room for them. */
function niceStep(range: number): number {
  return range >= 100 ? 1 : 10 ** Math.floor(Math.log10(range / 100));
}

export interface DropdownState<Option extends string | number> {
  value: Option;
  options: readonly Option[];
  label: string;
  disabled: boolean;
}

/** A choice of one. */
export function dropdown<const Option extends string | number>(
  options: Partial<DropdownState<Option>> & { readonly options: readonly Option[] },
): WidgetModel<DropdownState<Option>> {
  const [first] = options.options;
  if (first === undefined) throw new RangeError("dropdown: there are no options to choose from");
  return control({ value: first, label: "", disabled: false, ...options }, "dropdown");
}

export interface TextInputState {
  value: string;
  label: string;
  placeholder: string;
  disabled: boolean;
}

/** A line of text; it arrives when the field is left or Enter is pressed. */
export function textInput(options: Partial<TextInputState> = {}): WidgetModel<TextInputState> {
  return control({ value: "", label: "", placeholder: "", disabled: false, ...options }, "text");
}

export interface CheckboxState {
  value: boolean;
  label: string;
  disabled: boolean;
}

export function checkbox(options: Partial<CheckboxState> = {}): WidgetModel<CheckboxState> {
  return control({ value: false, label: "", disabled: false, ...options }, "checkbox");
}

export interface ButtonState {
  /** How often it was pressed. */
  clicks: number;
  label: string;
  disabled: boolean;
}

export function button({ onClick, ...options }: Partial<ButtonState> & { readonly onClick?: () => void } = {}): WidgetModel<ButtonState> {
  const model = control({ clicks: 0, label: "run", disabled: false, ...options }, "button");
  if (onClick) model.on("change:clicks", () => onClick());
  return model;
}

function control<State extends object>(state: State, kind: string): WidgetModel<State> {
  return widget({ state, esm: controlModule(kind) });
}
