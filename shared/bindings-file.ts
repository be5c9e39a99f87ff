/** The file of the policy folder that bindings go to which are made on a client's page; a person may edit it too. */
export const bindingsFile = 'bindings.yaml'
