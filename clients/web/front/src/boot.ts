/* First the frame that index.html holds is painted, then the page is made: what makes it takes a while to be read. */
import 'uplot/dist/uPlot.min.css';
import './style/base.css';
import './style/parts.css';
import './style/pages.css';
import './style/course.css';
import './style/print.css';
import './early';

const LONGEST_MS = 200; // a page that nobody looks at is not painted at all

let made = false;
function make(): void {
  if (!made) void import('./main');
  made = true;
}
requestAnimationFrame(() => setTimeout(make));
setTimeout(make, LONGEST_MS);
