from django.core.mail import send_mail
from django.core.management.base import BaseCommand

from shop.models import Product


class Command(BaseCommand):
    help = "Mails how many products there are; run nightly."

    def handle(self, *args, **options):
        count = Product.objects.count()
        send_mail("The nightly report", f"{count} products.", None, ["ada@example.com"])
        self.stdout.write(f"Reported {count} products.")
