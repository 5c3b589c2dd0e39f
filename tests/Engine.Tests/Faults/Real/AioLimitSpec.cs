using Actors.Engine.Drivers;
using Actors.Engine.Drivers.LinuxAio;
using Actors.Engine.Tests.Hosting;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Faults.Real;

/// <summary>fs.aio-max-nr is one limit for the whole machine; alone, because others want some of it.</summary>
[Collection(nameof(WholeProcess))]
public sealed class AioLimitSpec
{
    [SkippableFact]
    public async Task Requests_of_the_machine_that_are_used_up_are_told_with_their_number()
    {
        Backends.SkipUnlessAvailable(BackendNames.LinuxAio);
        await Child.RunAsync(UsedUpAsync, []);
    }

    public static async Task UsedUpAsync(string[] _)
    {
        // Loaded before, so that the machine is without for a moment only.
        var options = new FileEngineOptions { BackendName = BackendNames.LinuxAio };
        await FileEngine.Start(options).DisposeAsync();
        FileEngineConfigurationException refused;
        using (new AllOfAio())
        {
            refused = Assert.Throws<FileEngineConfigurationException>(() => FileEngine.Start(options));
        }

        Assert.Contains("fs.aio-max-nr", refused.Message, StringComparison.Ordinal);
        await FileEngine.Start(options).DisposeAsync();
    }

    /// <summary>Contexts of AIO until there is not one more to be had.</summary>
    private sealed class AllOfAio : IDisposable
    {
        private readonly List<IDisposable> _contexts = [];

        public AllOfAio()
        {
            for (var count = 1 << 15; count > 0;)
            {
                try
                {
                    _contexts.Add(OperatingSystem.IsLinux()
                        ? new AioContext(count, readRing: false)
                        : throw new PlatformNotSupportedException());
                }
                catch (DriverUnavailableException)
                {
                    count /= 2;
                }
            }
        }

        public void Dispose() => _contexts.ForEach(context => context.Dispose());
    }
}
