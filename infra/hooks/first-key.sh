#!/bin/sh
# Puts the first API key into the vault, once; silos read it from there. It is never printed:
#   az keyvault secret show --vault-name "$AZURE_KEY_VAULT_NAME" --name platform-first-key --query value -o tsv
set -eu

if az keyvault secret show --vault-name "$AZURE_KEY_VAULT_NAME" --name platform-first-key --output none 2>/dev/null; then
    exit 0
fi

id=$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
secret=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n')
umask 077
file=$(mktemp)
trap 'rm -f "$file"' EXIT
printf 'pk_%s_%s' "$id" "$secret" > "$file"
az keyvault secret set --vault-name "$AZURE_KEY_VAULT_NAME" --name platform-first-key --file "$file" --output none
