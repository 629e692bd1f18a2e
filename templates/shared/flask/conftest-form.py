@sample.route("/form/", methods=["GET", "POST"])
@public
def form():
    return generate_csrf()


@sample.post("/hook/")
@csrf.exempt
@public
def hook():
    return "taken"
