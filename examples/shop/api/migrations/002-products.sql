INSERT INTO products (id, name, description, price_cents) VALUES
  ('lantern',   'Signal lantern',       'Red, green and clear glass. Runs six hours on one filling.',      4900),
  ('whistle',   'Guard''s whistle',     'Nickel-plated brass, heard across two platforms.',                1250),
  ('pocket-watch', 'Railway pocket watch', 'Keeps time to within four seconds a day.',                    18900),
  ('cap',       'Stationmaster''s cap', 'Dark blue wool with a stiff peak.',                               3600),
  ('timetable', 'Wall timetable, 1912', 'Reprint on heavy paper, 60 × 90 cm.',                             2200),
  ('tea',       'Waiting-room tea',     'Strong black tea, 250 g tin.',                                     850)
ON CONFLICT (id) DO NOTHING;
