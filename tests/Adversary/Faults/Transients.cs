using Actors.Engine.Drivers;

namespace Actors.Adversary.Faults;

/// <summary>What asks for another try.</summary>
internal static class Transients
{
    public static IReadOnlyList<int> Of(IoKind kind) =>
        kind is IoKind.Read or IoKind.Write ? [Errno.EINTR, Errno.EAGAIN] : [Errno.EINTR];
}
