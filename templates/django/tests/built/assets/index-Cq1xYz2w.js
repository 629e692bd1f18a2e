// What stands here for what is built of the pages: Python's tests need no Node.
document.getElementById("root").textContent = "It would be a site, if it were built, and not a stand-in.";
