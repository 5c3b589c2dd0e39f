using Actors.Engine.Configuration;
using Akka.Actor;
using Akka.Configuration;
using Xunit;

namespace Actors.Engine.Tests.Configuration;

/// <summary>The engine's settings: defaults, overrides, and limits that lie inside one another.</summary>
public sealed class EngineSettingsSpec
{
    [Fact]
    public void The_defaults_are_those_of_the_reference()
    {
        var settings = EngineSettings.Create(Config.Empty);
        Assert.Equal(EngineSettings.Create(EngineSettings.ReferenceConfig), settings);
        Assert.Equal(("auto", null), (settings.BackendName, settings.Shards));
        Assert.Equal(TimeSpan.FromMicroseconds(20), settings.EventLoop.Spin);
        Assert.Equal(Timeout.InfiniteTimeSpan, settings.File.OperationTimeout);
        Assert.Equal(
            new WriterSettings(true, AcknowledgeMode.Cumulative, Durability.None, 8192), settings.Writer);
        foreach (var backend in new[] { "io-uring", "linux-aio", "thread-pool", "sync" })
            settings.Validate(64, backend);
        settings.Validate(settings.Backend.SyncThread.ThreadsMax, "sync-thread");
    }

    [Fact]
    public void A_file_overrides_defaults_and_keeps_its_places()
    {
        var upper = HoconSource.Parse("actors.engine {\n  shards = 2\n  file.in-flight = 0\n}", "my.conf").Config;
        Refused(
            "actors.engine.file.in-flight = 0 (my.conf:3:3): must be a whole number from 1 to 32768.",
            upper.WithFallback(ConfigurationFactory.Default()));
    }

    [Fact]
    public async Task An_actor_system_runs_with_it_and_keeps_the_places()
    {
        var config = Parse("\"a.b \\u00e9/*\" { \"x.y\" = [], z = \" 1 \" }\nakka.loglevel = ${level}, level = OFF\n"
            + "actors.engine.shards = 0");
        using var system = ActorSystem.Create("settings", config.WithFallback(EngineSettings.ReferenceConfig));
        Assert.Equal("OFF", system.Settings.LogLevel);
        Assert.Equal(" 1 ", new ConfigReader(system.Settings.Config, "\"a.b \u00e9/*\"").GetString("z"));
        Refused("actors.engine.shards = 0 (my.conf:3:1): must be auto, or", system.Settings.Config);
        await system.Terminate();
    }

    [Theory]
    [InlineData("actors.engine.bogus = 1", "actors.engine.bogus (my.conf:1:1) is not a known key.")]
    [InlineData("actors.engine.file.in-fligth = 1", "Did you mean actors.engine.file.in-flight?")]
    [InlineData("actors.engine.fle.in-flight = 1", "actors.engine.fle (my.conf:1:1) is not a known key. Did you mean")]
    [InlineData("actors.engine.fle.in-flight = 1", "Did you mean actors.engine.file?")]
    [InlineData("actors.engine.backend.io-uring.deph = 1", "Did you mean actors.engine.backend.io-uring.depth?")]
    [InlineData("actors.engine.coalesce = on", "Did you mean actors.engine.writer.coalesce?")]
    [InlineData("actors.engin.shards = 1", "actors.engin (my.conf:1:1) is not a known key. Did you mean actors.")]
    [InlineData("actors.engine = 1", "actors.engine = 1 (my.conf:1:1): must be a section in braces.")]
    [InlineData("actors.engine.file = 1", "actors.engine.file = 1 (my.conf:1:1): must be a section in braces.")]
    [InlineData("actors.engine.shards { x = 1 }", "actors.engine.shards = { ... } (my.conf:1:1): must be auto, or")]
    public void Unknown_keys_are_refused_by_full_path(string text, string message) => Refused(message, Parse(text));

    [Theory]
    [InlineData("file.credit-messages = 513", "actors.engine.file.credit-messages = 513 (my.conf:1:1): must")]
    [InlineData("file.credit-messages = 513", "exceed actors.engine.file.queue-messages = 512 (reference.conf:")]
    [InlineData("file.queue-messages = 255", "file.credit-messages = 256 (reference.conf:")]
    [InlineData("file.credit-bytes = 1025KiB", "must not exceed actors.engine.file.queue-bytes = 1MiB (")]
    [InlineData("file.in-flight = 257", "must not exceed actors.engine.backend.in-flight = 256 (")]
    [InlineData("reader.chunk-size = 2MiB", "must not exceed actors.engine.reader.line-size-max = 1MiB (")]
    [InlineData("backend.in-flight = 257", "must not exceed actors.engine.backend.linux-aio.depth = 256 (")]
    [InlineData("backend { in-flight = 513, linux-aio.depth = 513 }", "2 x actors.engine.backend.io-uring.depth = 256")]
    [InlineData("backend-name = linux-aio, actors.engine.backend.in-flight = 257", "backend.linux-aio.depth = 256")]
    [InlineData("backend-name = io-uring, actors.engine.backend.in-flight = 513", "backend.io-uring.depth = 256")]
    public void Limits_that_do_not_nest_are_refused_by_both_keys(string text, string message) =>
        Refused(message, Parse($"actors.engine.{text}"));

    [Theory]
    [InlineData("file { credit-messages = 512, credit-bytes = 1MiB, in-flight = 256 }")]
    [InlineData("reader { chunk-size = 1MiB }")]
    [InlineData("backend-name = io-uring, actors.engine.backend.in-flight = 512")]
    [InlineData("backend-name = sync, actors.engine.backend.in-flight = 32768")]
    [InlineData("backend-name = thread-pool, actors.engine.backend.in-flight = 32768")]
    public void Limits_that_just_nest_are_legal(string text) => EngineSettings.Create(Parse($"actors.engine.{text}"));

    [Fact]
    public void Depths_are_checked_again_for_the_backend_that_starts()
    {
        var settings = EngineSettings.Create(Parse("actors.engine { backend-name = sync, backend.in-flight = 300 }"));
        settings.Validate(1, "sync");
        settings.Validate(1, "io-uring");
        var fault = Assert.Throws<FileEngineConfigurationException>(() => settings.Validate(1, "linux-aio"));
        Assert.Equal(
            "actors.engine.backend.in-flight = 300: must not exceed actors.engine.backend.linux-aio.depth = 256. "
            + "Lower the first or raise the second.",
            fault.Message);
    }

    [Fact]
    public void Buffers_must_suffice_for_the_shards()
    {
        var settings = EngineSettings.Create(Parse("actors.engine.buffers.size-max = 160KiB"));
        settings.Validate(2, "sync");
        var fault = Assert.Throws<FileEngineConfigurationException>(() => settings.Validate(3, "sync"));
        Assert.Equal(
            "actors.engine.buffers.size-max = 160KiB: too little for 3 shards (actors.engine.shards). Each needs two "
            + "chunks and two writer buffers (actors.engine.reader.chunk-size = 32KiB, actors.engine.writer.buffer-size = 8KiB); raise it to "
            + "240KiB or more, or lower the others.",
            fault.Message);
    }

    private static Config Parse(string text) => HoconSource.Parse(text, "my.conf").Config;

    private static void Refused(string message, Config config)
    {
        var fault = Assert.Throws<FileEngineConfigurationException>(() => EngineSettings.Create(config));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
