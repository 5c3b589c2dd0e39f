namespace Actors.Engine.Backpressure;

/// <summary>What a message counts for in a bounded mailbox.</summary>
internal enum CommandWeight
{
    /// <summary>It is no command that is bounded, and always passes.</summary>
    None,

    /// <summary>A command with work to do.</summary>
    Work,

    /// <summary>A command that ends work: it has a bound of its own, so that it gets in beside a full one.</summary>
    EndsWork,
}
