// One network: the nodes in one subnet, the private endpoints of storage and Redis in another.
param location string
param tags object
param name string

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.240.0.0/14'] }
    subnets: [
      {
        name: 'nodes'
        properties: { addressPrefix: '10.240.0.0/18' }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.241.0.0/24'
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

resource blobZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.blob.${environment().suffixes.storage}'
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
}

resource redisZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.redis.azure.net'
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
}

output name string = network.name
output nodesSubnetName string = 'nodes'
output endpointsSubnetId string = network::endpoints.id
output blobZoneId string = blobZone.id
output redisZoneId string = redisZone.id
