namespace Actors.Engine;

/// <summary>The metrics actor's key in the actor registry: <c>IRequiredActor&lt;MetricsKey&gt;</c>.</summary>
public sealed class MetricsKey;
