// The only place that imports ECharts; itself imported lazily by the chart controller.
import { BarChart, LineChart, PieChart, RadarChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  RadarComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart, LineChart, PieChart, RadarChart, ScatterChart, AriaComponent, DatasetComponent, GridComponent,
  LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent, SVGRenderer,
]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Options may say "var(--c2)" wherever a colour goes.
export function withTokens(value) {
  if (typeof value === "string") return value.startsWith("var(") ? token(value.slice(4, -1)) : value;
  if (Array.isArray(value)) return value.map(withTokens);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTokens(inner)]));
  return value;
}

const axis = () => ({
  axisLine: { lineStyle: { color: token("--line-strong") } },
  axisTick: { show: false },
  axisLabel: { color: token("--text-3"), fontSize: 12 },
  splitLine: { lineStyle: { color: token("--line") } },
});

const theme = () => ({
  color: ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"].map(token),
  textStyle: { fontFamily: token("--hr-font"), color: token("--text-2") },
  categoryAxis: { ...axis(), splitLine: { show: false } },
  valueAxis: { ...axis(), axisLine: { show: false } },
  legend: { textStyle: { color: token("--text-2") }, itemWidth: 12, itemHeight: 8 },
  tooltip: {
    backgroundColor: token("--surface"),
    borderColor: token("--line"),
    textStyle: { color: token("--text"), fontSize: 13 },
  },
  bar: { itemStyle: { borderRadius: 3 }, barMaxWidth: 22 },
  line: { symbol: "none", lineStyle: { width: 2 } },
});

export function drawChart(element, options) {
  const chart = init(element, theme(), { renderer: "svg" });
  chart.setOption({
    grid: { left: 4, right: 8, top: 40, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", confine: true },
    aria: { enabled: true },
    ...withTokens(options),
    animationDuration: 300,
  });
  return chart;
}
