namespace Actors.Engine;

/// <summary>The coordinator's key in the actor registry: <c>IRequiredActor&lt;CoordinatorKey&gt;</c>.</summary>
public sealed class CoordinatorKey;
