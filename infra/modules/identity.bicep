// Who the platform's pods are: their service account is exchanged for this identity's tokens, so no secret is kept anywhere.
param location string
param tags object
param name string
param issuerUrl string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags

  resource pods 'federatedIdentityCredentials' = {
    name: 'pods'
    properties: {
      issuer: issuerUrl
      subject: 'system:serviceaccount:platform:platform'
      audiences: ['api://AzureADTokenExchange']
    }
  }
}

output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
