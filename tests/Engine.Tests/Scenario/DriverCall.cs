namespace Actors.Engine.Tests.Scenario;

/// <summary>The members of a driver that a <see cref="ThrowingDriver"/> can throw out of.</summary>
public enum DriverCall
{
    TryPerform,
    TrySubmit,
    Flush,
    Reap,
    Wait,
    TryCancel,
    Dispose,
}
