# Puts the first API key into the vault, once; silos read it from there. It is never printed:
#   az keyvault secret show --vault-name $env:AZURE_KEY_VAULT_NAME --name platform-first-key --query value -o tsv
$ErrorActionPreference = 'Stop'

az keyvault secret show --vault-name $env:AZURE_KEY_VAULT_NAME --name platform-first-key --output none 2>$null
if ($LASTEXITCODE -eq 0) { exit 0 }

$bytes = [System.Security.Cryptography.RandomNumberGenerator]::GetBytes(38)
$id = [Convert]::ToHexString($bytes[0..5]).ToLowerInvariant()
$secret = [Convert]::ToBase64String($bytes[6..37]).Replace('+', '-').Replace('/', '_').TrimEnd('=')
$file = New-TemporaryFile
try {
    Set-Content -Path $file -Value "pk_${id}_${secret}" -NoNewline
    az keyvault secret set --vault-name $env:AZURE_KEY_VAULT_NAME --name platform-first-key --file $file --output none
    exit $LASTEXITCODE
}
finally {
    Remove-Item $file
}
