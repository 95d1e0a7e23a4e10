"""What the author runs that is not part of a build's pages: the environment, the build, the preview, the browser."""
