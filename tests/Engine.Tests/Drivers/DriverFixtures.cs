using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.IoUring;
using Actors.Engine.Drivers.LinuxAio;
using Actors.Engine.Drivers.ThreadPool;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>The drivers of the contract suite. A new driver, or another way of running one, is a row here.</summary>
internal static class DriverFixtures
{
    private static readonly DriverFixture[] All =
    [
        OnLinux("io-uring", IoUring),
        OnLinux("linux-aio", depth => Aio(depth)),
        OnLinux("linux-aio without ring", depth => Aio(depth, readRing: false)),
        OnLinux("linux-aio with eventfd", depth => Aio(depth, pollToWake: false)),
        OnLinux("linux-aio without both", depth => Aio(depth, readRing: false, pollToWake: false)),
        new("thread-pool", depth => new ThreadPoolDriver(2, depth)),
        new("thread-pool of one", depth => new ThreadPoolDriver(1, depth)),
        new("thread-pool portable", depth => new ThreadPoolDriver(2, depth, new PortableCalls())) { Portable = true },
        new("sync", _ => new SyncDriver("sync")) { Inline = true },
        InlineFirst("thread-pool after inline", depth => new ThreadPoolDriver(2, depth), 1 << 20, int.MaxValue),
        InlineFirst("thread-pool after a little inline", depth => new ThreadPoolDriver(2, depth), 64, 100),
        InlineFirst("io-uring after a little inline", IoUring, 64, 100) with { Missing = NotOnLinux },
        new("sync portable", _ => new SyncDriver("sync", new PortableCalls())) { Inline = true, Portable = true },
    ];

    private static string? NotOnLinux => OperatingSystem.IsLinux() ? null : "An interface of Linux.";

    /// <summary>For MemberData.</summary>
    public static TheoryData<string> Names => [.. All.Select(fixture => fixture.Name)];

    /// <summary>The driver of that name; skips the test, with the reason, where it cannot be had.</summary>
    public static DriverFixture Get(string name)
    {
        var fixture = All.Single(f => f.Name == name);
        Skip.If(fixture.Missing is not null, fixture.Missing);
        return fixture;
    }

    private static DriverFixture OnLinux(string name, Func<int, IDriver> create) => new(name, create)
    {
        Missing = NotOnLinux,
    };

    private static DriverFixture InlineFirst(string name, Func<int, IDriver> inner, int transferMax, int turnMax) =>
        new(name, depth => new InlineFirstDriver(inner(depth), transferMax, turnMax)) { Inline = true };

    private static IDriver IoUring(int depth) =>
        OperatingSystem.IsLinux() ? new IoUringDriver(depth, 0) : throw new PlatformNotSupportedException();

    private static IDriver Aio(int depth, bool readRing = true, bool pollToWake = true) =>
        OperatingSystem.IsLinux()
            ? new LinuxAioDriver(depth, readRing, pollToWake)
            : throw new PlatformNotSupportedException();
}

/// <summary>How to make one driver, and where the contract leaves it a choice.</summary>
internal sealed record DriverFixture(string Name, Func<int, IDriver>? Make)
{
    /// <summary>Why it is not there; null when it is.</summary>
    public string? Missing { get; init; }

    /// <summary>It performs transfers inside TrySubmit: need not be busy, nor have anything in flight.</summary>
    public bool Inline { get; init; }

    /// <summary>Its files are the runtime's handles, and it neither opens nor allocates: as off Linux.</summary>
    public bool Portable { get; init; } = !OperatingSystem.IsLinux();

    /// <summary>On the thread that uses and disposes of it. Skips where the machine has none.</summary>
    public IDriver Create(int depth)
    {
        try
        {
            return Make!(depth);
        }
        catch (DriverUnavailableException e)
        {
            throw new SkipException(e.Message);
        }
    }
}
