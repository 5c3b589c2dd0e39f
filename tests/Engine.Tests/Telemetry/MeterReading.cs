using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Actors.Engine.Tests.Telemetry;

/// <summary>Listens to the engine's meter as an exporter would, to the measurements of one engine.</summary>
internal sealed class MeterReading : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new();
    private readonly ConcurrentBag<(string Name, double Value, Dictionary<string, object?> Tags)> _values = [];

    /// <param name="scope">Of the meter: null for that of the process, or a meter factory.</param>
    public MeterReading(object? scope = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == FileEngineTelemetry.MeterName && instrument.Meter.Scope == scope)
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyCollection<Instrument> Instruments => [.. _instruments.Values];

    public void Dispose() => _listener.Dispose();

    /// <summary>Reads every instrument once.</summary>
    public void Read()
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
    }

    /// <summary>The measurements of an instrument for one engine, with their tags.</summary>
    public IReadOnlyList<(double Value, Dictionary<string, object?> Tags)> Of(FileEngine engine, string name) =>
    [
        .. _values.Where(value => value.Name == name)
            .Where(value => Equals(value.Tags["actors.engine.name"], engine.Telemetry.Name))
            .Select(value => (value.Value, value.Tags)),
    ];

    /// <summary>The one measurement of an instrument, or of one tag's value.</summary>
    public double One(FileEngine engine, string name, string? key = null, object? tag = null) =>
        Of(engine, name).Single(value => key is null || Equals(value.Tags[key], tag)).Value;

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _values.Add((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
}
