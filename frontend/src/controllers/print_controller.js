import { Controller } from "@hotwired/stimulus";

// Prints the page: <button data-controller="print" data-action="print#now">.
export default class extends Controller {
  now() {
    window.print();
  }
}
