import { Controller } from "@hotwired/stimulus";

// <div class="hr-chart" data-controller="chart" data-chart-source-value="id-of-json-script">
export default class extends Controller {
  static values = { source: String };

  async connect() {
    this.onTheme = () => this.redraw();
    this.onResize = () => this.chart?.resize();
    window.addEventListener("theme:changed", this.onTheme);
    window.addEventListener("beforeprint", this.onResize);
    this.observer = new ResizeObserver(this.onResize);
    this.observer.observe(this.element);
    this.library = await import("../lib/charts.js");
    if (this.element.isConnected) this.redraw();
  }

  disconnect() {
    window.removeEventListener("theme:changed", this.onTheme);
    window.removeEventListener("beforeprint", this.onResize);
    this.observer.disconnect();
    this.chart?.dispose();
    this.chart = null;
  }

  redraw() {
    if (!this.library) return;
    this.chart?.dispose();
    const options = JSON.parse(document.getElementById(this.sourceValue).textContent);
    this.chart = this.library.drawChart(this.element, options);
  }
}
