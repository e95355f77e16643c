// Azure Managed Redis: where silos find one another. It holds some kilobytes; losing it loses no document.
param location string
param tags object
param name string
param sku string
param replicated bool
param subnetId string
param dnsZoneId string
param platformPrincipalId string

resource cache 'Microsoft.Cache/redisEnterprise@2025-04-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku }
  properties: {
    minimumTlsVersion: '1.2'
    highAvailability: replicated ? 'Enabled' : 'Disabled'
  }

  resource database 'databases' = {
    name: 'default'
    properties: {
      port: 10000
      clientProtocol: 'Encrypted'
      clusteringPolicy: 'EnterpriseCluster'
      evictionPolicy: 'NoEviction'
      accessKeysAuthentication: 'Disabled'
    }

    resource platform 'accessPolicyAssignments' = {
      name: 'platform'
      properties: {
        accessPolicyName: 'default'
        user: { objectId: platformPrincipalId }
      }
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: 'pe-${name}'
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: 'redis'
        properties: {
          privateLinkServiceId: cache.id
          groupIds: ['redisEnterprise']
        }
      }
    ]
  }

  resource zone 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: 'redis'
          properties: { privateDnsZoneId: dnsZoneId }
        }
      ]
    }
  }
}

output endpoint string = '${cache.properties.hostName}:${cache::database.properties.port}'
