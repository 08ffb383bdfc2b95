// A diagram to look at: pan, zoom, select. Nothing can be changed.
export { default as NavigatedViewer } from 'bpmn-js/lib/NavigatedViewer';
