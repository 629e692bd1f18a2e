"""One project verified in a private copy: installed, checked, tested, served; and its receipt."""
